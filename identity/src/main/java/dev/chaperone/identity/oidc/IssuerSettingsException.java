package dev.chaperone.identity.oidc;

/** An issuer's configuration that cannot be used. The message is one line for people. */
public final class IssuerSettingsException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String issuer;
  private final String key;

  IssuerSettingsException(String issuer, String key, String problem) {
    super("issuer " + issuer + ", " + key + ": " + problem);
    this.issuer = issuer;
    this.key = key;
  }

  /** The issuer's configured name. */
  public String issuer() {
    return issuer;
  }

  /** The configuration key below the issuer, such as {@code kind}. */
  public String key() {
    return key;
  }
}
