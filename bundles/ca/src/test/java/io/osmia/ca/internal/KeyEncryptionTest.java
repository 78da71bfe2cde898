package io.osmia.ca.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.ca.CaException;
import java.nio.charset.StandardCharsets;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rule 7.12.4. */
@DisplayName("CA-054")
class KeyEncryptionTest {

    private static final byte[] PASSWORD = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] KEY = PrivateKeys.generate().getPrivate().getEncoded();

    @Test
    void whatIsEncryptedComesBackWithThePassword() {
        byte[] encrypted = KeyEncryption.encrypt(KEY, PASSWORD);

        assertThat(KeyEncryption.decrypt(encrypted, PASSWORD)).isEqualTo(KEY);
        assertThat(KeyEncryption.encrypt(KEY, PASSWORD)).isNotEqualTo(encrypted);
        assertThat(PrivateKeys.parse(KEY).getAlgorithm()).isEqualTo("EC");
    }

    @Test
    void itIsTheFormThatOthersRead() throws Exception {
        EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(KeyEncryption.encrypt(KEY, PASSWORD));

        assertThat(info.getAlgParameters()).hasToString("PBEWithHmacSHA1AndAES_256");
        Cipher cipher = Cipher.getInstance("PBEWithHmacSHA1AndAES_256");
        PBEKeySpec password = new PBEKeySpec(new String(PASSWORD, StandardCharsets.US_ASCII).toCharArray());
        cipher.init(
                Cipher.DECRYPT_MODE,
                SecretKeyFactory.getInstance("PBEWithHmacSHA1AndAES_256").generateSecret(password),
                info.getAlgParameters());
        assertThat(info.getKeySpec(cipher).getEncoded()).isEqualTo(KEY);
    }

    @Test
    void anotherPasswordIsRefused() {
        byte[] encrypted = KeyEncryption.encrypt(KEY, PASSWORD);
        byte[] other = PASSWORD.clone();
        other[0]++;

        // Padding of random bytes may look right, once in 256: then it is no key.
        assertThatThrownBy(() -> PrivateKeys.parse(KeyEncryption.decrypt(encrypted, other)))
                .isInstanceOf(CaException.class);
    }

    @Test
    void garbageIsRefused() {
        assertThatThrownBy(() -> KeyEncryption.decrypt(new byte[] {1, 2, 3}, PASSWORD))
                .isInstanceOf(CaException.class)
                .hasMessageContaining("malformed");
        assertThatThrownBy(() -> KeyEncryption.decrypt(KEY, PASSWORD)).isInstanceOf(CaException.class);
    }
}
