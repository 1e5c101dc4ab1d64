package dev.chaperone.identity.oidc;

/** What a signature covers, and the signature; not copied, since it never leaves this package. */
final class SignedBytes {
  private final byte[] content;
  private final byte[] signature;

  SignedBytes(byte[] content, byte[] signature) {
    this.content = content;
    this.signature = signature;
  }

  byte[] content() {
    return content;
  }

  byte[] signature() {
    return signature;
  }
}
