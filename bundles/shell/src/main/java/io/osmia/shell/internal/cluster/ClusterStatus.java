package io.osmia.shell.internal.cluster;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.ListCommand;
import io.osmia.shell.internal.command.NodeNames;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.text.Table;
import io.osmia.wire.osmia.GetManagerStatusRequest;
import io.osmia.wire.osmia.ManagerMember;
import io.osmia.wire.osmia.ManagerStatus;
import io.osmia.wire.swarmkit.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Command;

@Command(name = "status", description = "Show what each manager says of its own copy of the state.", footer = {"",
    "Managers with the same version have the same digest, unless one of them is damaged."})
final class ClusterStatus extends ListCommand<ManagerStatus> {

    private static final int SHOWN_OF_DIGEST = 8;

    ClusterStatus(Session session) {
        super(session);
    }

    @Override
    protected List<ManagerStatus> ask() throws NotReachable {
        List<ManagerStatus> all = new ArrayList<>();
        for (Node manager : Managers.ask(session)) {
            all.add(status(manager));
        }
        return all;
    }

    private ManagerStatus status(Node manager) throws NotReachable {
        ManagerMember known = ManagerMember.newBuilder()
                .setRaftId(manager.getManagerStatus().getRaftId())
                .setNodeId(manager.getId())
                .setAddress(manager.getManagerStatus().getAddr())
                .setLeader(Managers.isLeader(manager))
                .setReachable(Managers.isReachable(manager))
                .build();
        try {
            ManagerStatus told = session.managerState()
                    .getManagerStatus(GetManagerStatusRequest.newBuilder()
                            .setNodeId(manager.getId())
                            .build())
                    .getStatus();
            return told.getMember().getNodeId().equals(manager.getId())
                    ? told.toBuilder().setMember(known).build()
                    : silent(known, "it was not asked: the manager that answers cannot ask others");
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
                throw e;
            }
            return silent(known, "it does not answer: " + why(e.getStatus()));
        }
    }

    private static String why(Status status) {
        return status.getDescription() == null ? status.getCode().name() : status.getDescription();
    }

    private static ManagerStatus silent(ManagerMember known, String trouble) {
        return ManagerStatus.newBuilder().setMember(known).setTrouble(trouble).build();
    }

    @Override
    protected String id(ManagerStatus status) {
        return status.getMember().getNodeId();
    }

    @Override
    protected void print(List<ManagerStatus> all) throws NotReachable {
        NodeNames names = NodeNames.ask(session);
        boolean troubled = all.stream().anyMatch(status -> !status.getTrouble().isEmpty());
        Table table = new Table(columns(
                troubled, "Trouble", "Manager", "Address", "Role", "Term", "Applied", "Version", "Digest", "Log Key"));
        for (ManagerStatus status : all) {
            ManagerMember member = status.getMember();
            table.row(columns(
                    troubled,
                    status.getTrouble().replace('\n', ' '),
                    names.get(member.getNodeId()),
                    member.getAddress(),
                    role(member),
                    number(status.getTerm()),
                    number(status.getAppliedIndex()),
                    number(status.getStoreVersion()),
                    status.getDigest().substring(0, Math.min(SHOWN_OF_DIGEST, status.getDigest().length())),
                    number(Integer.toUnsignedLong(status.getLogKeyVersion()))));
        }
        table.print(session.out());
    }

    /** The last column is there when somebody has something to say in it. */
    private static String[] columns(boolean withLast, String last, String... others) {
        String[] columns = Arrays.copyOf(others, others.length + (withLast ? 1 : 0));
        if (withLast) {
            columns[others.length] = last;
        }
        return columns;
    }

    private static String role(ManagerMember member) {
        if (member.getLeader()) {
            return "LEADER";
        }
        return member.getReachable() ? "FOLLOWER" : "UNREACHABLE";
    }

    /** Nothing where nothing is known. */
    private static String number(long value) {
        return value == 0 ? "" : Long.toUnsignedString(value);
    }
}
