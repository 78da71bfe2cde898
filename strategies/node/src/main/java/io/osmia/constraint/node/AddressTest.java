package io.osmia.constraint.node;

import io.osmia.api.NodeFacts;
import io.osmia.api.scheduling.ConstraintEvaluator.Operator;
import io.osmia.api.scheduling.NodePredicate;
import java.util.Optional;

/** Compares a node's address with one address or with a network; who cannot be read is refused (rule 3.10). */
record AddressTest(Operator operator, AddressBlock block) implements NodePredicate {

    /** The test for {@code node.ip}; a value that is neither address nor network refuses every node (CON-007). */
    static NodePredicate of(Operator operator, String value) {
        Optional<AddressBlock> block = AddressBlock.parse(value);
        return block.isPresent() ? new AddressTest(operator, block.get()) : new Unreadable(value);
    }

    @Override
    public boolean test(NodeFacts node) {
        Optional<byte[]> address = AddressBlock.address(node.address());
        return address.isPresent() && block.contains(address.get()) == (operator == Operator.EQUAL);
    }

    @Override
    public String explain(NodeFacts node) {
        return "node.ip is \"" + node.address() + "\"";
    }

    /** Never satisfied. */
    private record Unreadable(String value) implements NodePredicate {

        @Override
        public boolean test(NodeFacts node) {
            return false;
        }

        @Override
        public String explain(NodeFacts node) {
            return "\"" + value + "\" is neither an address nor a network";
        }
    }
}
