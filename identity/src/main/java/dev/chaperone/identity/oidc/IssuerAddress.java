package dev.chaperone.identity.oidc;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** Which addresses an issuer may have: https, and http on the loopback alone. */
final class IssuerAddress {
  private IssuerAddress() {}

  /** Checks an issuer's address (OpenID Connect Core, 2: no query and no fragment). */
  static URI issuer(String text) throws InvalidInputException {
    var address = address(text);
    if (address.getRawQuery() != null) {
      throw new InvalidInputException("the address has a query");
    }
    return address;
  }

  /** Where the issuer's discovery document stands (OpenID Connect Discovery, 4). */
  static URI discovery(URI issuer) {
    var text = issuer.toString();
    var base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    return URI.create(base + "/.well-known/openid-configuration");
  }

  /** Checks the address of the keys; an issuer on https has its keys there too. */
  static URI keys(String text, URI issuer) throws InvalidInputException {
    var address = address(text);
    if (isPlain(address) && !isPlain(issuer)) {
      throw new InvalidInputException("the address is not https");
    }
    return address;
  }

  private static URI address(String text) throws InvalidInputException {
    URI address;
    try {
      address = new URI(text);
    } catch (URISyntaxException e) {
      throw new InvalidInputException("not an address");
    }
    var scheme = address.getScheme() == null ? "" : address.getScheme().toLowerCase(Locale.ROOT);
    var host = address.getHost();
    if (host == null || !(scheme.equals("https") || scheme.equals("http"))) {
      throw new InvalidInputException("not an https address");
    }
    if (scheme.equals("http") && !isLoopback(host)) {
      throw new InvalidInputException("http is taken on the loopback alone: use https");
    }
    if (address.getRawUserInfo() != null || address.getRawFragment() != null) {
      throw new InvalidInputException("the address holds a user or a fragment");
    }
    return address;
  }

  private static boolean isPlain(URI address) {
    return "http".equalsIgnoreCase(address.getScheme());
  }

  private static boolean isLoopback(String host) {
    return host.equalsIgnoreCase("localhost")
        || host.equals("[::1]")
        || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
  }
}
