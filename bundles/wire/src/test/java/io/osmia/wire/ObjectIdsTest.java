package io.osmia.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rule 1.1.1 with the vectors of 12.2.2. */
class ObjectIdsTest {

    @Test
    void theVectorsHold() {
        byte[] counting = new byte[ObjectIds.BYTES];
        for (int i = 0; i < counting.length; i++) {
            counting[i] = (byte) i;
        }
        byte[] ones = new byte[ObjectIds.BYTES];
        Arrays.fill(ones, (byte) 0xff);

        assertThat(ObjectIds.of(counting)).isEqualTo("hw05xdvcpbrfi4jekqvbjy4b2");
        assertThat(ObjectIds.of(ones)).isEqualTo("zrw1727u0mgg6ugs60vxe42e4");
        assertThat(ObjectIds.of(new byte[ObjectIds.BYTES])).isEqualTo("hvy0lj3x0b883f8e30fyp2172");
    }

    @Test
    void everyIdIsThePartOfTheNumberThatItHasToBe() {
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            byte[] bytes = new byte[ObjectIds.BYTES];
            random.nextBytes(bytes);
            byte[] number = bytes.clone();
            number[0] |= (byte) 0x80;
            String digits = new BigInteger(1, number).toString(36);
            assertThat(ObjectIds.of(bytes)).hasSize(ObjectIds.LENGTH).isEqualTo(digits.substring(1, 26));
        }
    }

    @Test
    void theBytesAreLeftAlone() {
        byte[] bytes = new byte[ObjectIds.BYTES];
        ObjectIds.of(bytes);

        assertThat(bytes).containsOnly(0);
        assertThatThrownBy(() -> ObjectIds.of(new byte[16])).isInstanceOf(IllegalArgumentException.class);
    }
}
