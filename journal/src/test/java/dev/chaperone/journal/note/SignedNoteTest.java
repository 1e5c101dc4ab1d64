package dev.chaperone.journal.note;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys and notes of Go's sumdb/note (its tests and examples) and of C2SP signed-note. */
class SignedNoteTest {
  private static final String VKEY =
      "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
  private static final String SKEY =
      "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
  private static final String TEXT =
      """
      If you think cryptography is the answer to your problem,
      then you don't know what your problem is.
      """;
  private static final String SIGNATURE =
      "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZIn"
          + "NIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

  @Test
  void theSampleNoteIsSignedByteForByte() {
    SigningKey key = SigningKey.parse(SKEY);
    assertThat(key.verifierKey()).hasToString(VKEY);
    assertThat(key.signatureLine(TEXT)).isEqualTo(SIGNATURE);
    assertThat(key.secretText()).isEqualTo(SKEY);
  }

  @Test
  void theSampleNoteVerifies() {
    SignedNote note = SignedNote.parse(bytes(TEXT + "\n" + SIGNATURE));
    assertThat(note.text()).isEqualTo(TEXT);
    assertThat(note.verify(VerifierKey.parse(VKEY))).isEqualTo(SignedNote.Outcome.SIGNED);
  }

  @Test
  void aChangedTextIsForgedAndAnotherKeyHasNotSigned() {
    VerifierKey key = VerifierKey.parse(VKEY);
    SignedNote changed = SignedNote.parse(bytes(TEXT.replace("If", "if") + "\n" + SIGNATURE));
    assertThat(changed.verify(key)).isEqualTo(SignedNote.Outcome.FORGED);
    VerifierKey other = SigningKey.generate("PeterNeumann").verifierKey();
    assertThat(changed.verify(other)).isEqualTo(SignedNote.Outcome.UNSIGNED);
  }

  @Test
  void signaturesOfUnknownKeysAreIgnored() {
    SigningKey witness = SigningKey.generate("witness.example");
    SignedNote note =
        SignedNote.parse(bytes(TEXT + "\n" + witness.signatureLine(TEXT) + SIGNATURE));
    assertThat(note.verify(VerifierKey.parse(VKEY))).isEqualTo(SignedNote.Outcome.SIGNED);
    assertThat(note.verify(witness.verifierKey())).isEqualTo(SignedNote.Outcome.SIGNED);
  }

  @Test
  void theCheckpointOfTheSpecificationIsRead() {
    String text =
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    SignedNote note =
        SignedNote.parse(
            bytes(
                text
                    + "\n— example.com/behind-the-sofa "
                    + "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurm"
                    + "RDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"));
    Checkpoint checkpoint = Checkpoint.parse(note.text());
    assertThat(checkpoint.origin()).isEqualTo("example.com/behind-the-sofa");
    assertThat(checkpoint.size()).isEqualTo(20852163);
    assertThat(checkpoint.root()).hasToString("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=");
    assertThat(checkpoint.text()).isEqualTo(text);
  }

  @Test
  void everyManglingOfAKeyIsRefused() {
    for (int i = 0; i < VKEY.length(); i++) {
      StringBuilder mangled = new StringBuilder(VKEY);
      mangled.setCharAt(i, (char) (VKEY.charAt(i) + 1));
      assertThatIllegalArgumentException()
          .as(mangled.toString())
          .isThrownBy(() -> VerifierKey.parse(mangled.toString()));
    }
    for (int end = 0; end < VKEY.length(); end++) {
      String cut = VKEY.substring(0, end);
      assertThatIllegalArgumentException().as(cut).isThrownBy(() -> VerifierKey.parse(cut));
    }
    for (int i = 0; i < SKEY.length(); i++) {
      StringBuilder mangled = new StringBuilder(SKEY);
      mangled.setCharAt(i, (char) (SKEY.charAt(i) + 1));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> SigningKey.parse(mangled.toString()))
          .satisfies(e -> assertThat(e.getMessage()).doesNotContain("AYEKFALV"));
    }
  }

  @Test
  void aPrivateKeyDoesNotTellItself() {
    assertThat(SigningKey.parse(SKEY).toString()).doesNotContain("AYEKFALV");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text\n",
        "text\n\n",
        "text\n\nno dash\n",
        "text\n\n— name\n",
        "text\n\n— na+me AAAAAAA=\n",
        "text\n\n— name AAAA\n",
        "text\n\n— name !!!!!!!!\n",
        "te\u0001xt\n\n— name AAAAAAA=\n",
        "text\n\n— name AAAAAAA=",
        "text\n\n— name AAAAAAB=\n",
      })
  void whatIsNoNoteIsRefused(String note) {
    assertThatIllegalArgumentException().isThrownBy(() -> SignedNote.parse(bytes(note)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "o\n1\n",
        "o\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "o\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "o\n99999999999999999999\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "o\n9223372036854775807\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "o\n1\nCsUYapGGPo4dkMgI\n",
        "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "o\n\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n",
      })
  void whatIsNoCheckpointIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Checkpoint.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a+b", "a\tb", "a\u00a0b", "a\nb", "a\u2003b", "a\u0000b"})
  void anOriginThatNoNoteCanCarryIsRefused(String origin) {
    assertThatIllegalArgumentException().isThrownBy(() -> Origin.check(origin));
  }

  @Test
  void anyBytesAreANoteOrRefused() {
    long seed = 5;
    Random random = new Random(seed);
    VerifierKey key = VerifierKey.parse(VKEY);
    byte[] valid = bytes(TEXT + "\n" + SIGNATURE);
    for (int i = 0; i < 10_000; i++) {
      byte[] bytes = valid.clone();
      int at = random.nextInt(bytes.length);
      bytes[at] ^= (byte) (1 << random.nextInt(8));
      assertThatCode(
              () -> {
                try {
                  SignedNote note = SignedNote.parse(bytes);
                  assertThat(note.verify(key)).isNotEqualTo(SignedNote.Outcome.SIGNED);
                  Checkpoint.parse(note.text());
                } catch (IllegalArgumentException e) {
                  assertThat(e.getMessage()).isNotEmpty();
                }
              })
          .as("seed " + seed + ", round " + i + ", byte " + at)
          .doesNotThrowAnyException();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
