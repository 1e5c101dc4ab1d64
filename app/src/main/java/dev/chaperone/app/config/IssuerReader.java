package dev.chaperone.app.config;

import dev.chaperone.core.yaml.ConfigurationException;
import dev.chaperone.core.yaml.YamlMap;
import dev.chaperone.core.yaml.YamlText;
import dev.chaperone.identity.oidc.IssuerSettingsException;
import dev.chaperone.identity.oidc.OidcSignIn;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads {@code identity:}. */
final class IssuerReader {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  private final NamedFiles files;

  IssuerReader(NamedFiles files) {
    this.files = files;
  }

  List<IssuerConfiguration> read(YamlMap identity) throws ConfigurationException {
    identity.notYet("clients");
    identity.only("issuers");
    var issuers = new ArrayList<IssuerConfiguration>();
    var names = new HashMap<String, Integer>();
    var addresses = new HashMap<String, Integer>();
    for (var map : identity.value("issuers").asList().maps()) {
      issuers.add(issuer(map));
      unique(map.text("name"), names);
      unique(map.text("issuer"), addresses);
    }
    if (issuers.isEmpty()) {
      throw new ConfigurationException(
          identity.placeOf("issuers"), "no issuer: nobody could sign in");
    }
    return issuers;
  }

  private static void unique(YamlText text, Map<String, Integer> seen)
      throws ConfigurationException {
    var before = seen.putIfAbsent(text.text(), text.place().line());
    if (before != null) {
      throw new ConfigurationException(
          text.place(), "`" + text.text() + "` stands twice, first in line " + before);
    }
  }

  private IssuerConfiguration issuer(YamlMap map) throws ConfigurationException {
    map.notYet("saml", "idpInitiated");
    map.only("name", "issuer", "jwks", "audience", "kind", "groups", "person", "client");
    var name = map.text("name");
    if (!NAME.matcher(name.text()).matches()) {
      throw name.wrong("expected a name of a-z, 0-9 and -");
    }
    var jwks = map.optionalText("jwks");
    var audience = map.textOrNull("audience");
    var client = map.optionalMap("client");
    var issuer =
        new IssuerConfiguration(
            name.text(),
            address(map.text("issuer")),
            jwks.isEmpty() ? null : files.existing(jwks.get()),
            audience == null ? IssuerConfiguration.DEFAULT_AUDIENCE : audience,
            map.text("kind").text(),
            map.textOrNull("groups"),
            map.textOrNull("person"),
            client.isEmpty() ? null : client(client.get()));
    try (var _ = new OidcSignIn(List.of(issuer.settings()), Clock.systemUTC())) {
      return issuer;
    } catch (IssuerSettingsException e) {
      throw new ConfigurationException(map.placeOf(e.key()), String.valueOf(e.getMessage()));
    }
  }

  private IssuerConfiguration.Client client(YamlMap map) throws ConfigurationException {
    map.only("id", "secret");
    var secret = map.optional("secret");
    return new IssuerConfiguration.Client(
        map.text("id").text(), secret.isEmpty() ? null : files.secret(secret.get()));
  }

  private static String address(YamlText text) throws ConfigurationException {
    try {
      var address = new URI(text.text());
      var host = address.getHost();
      if (host != null && "https".equals(address.getScheme())) {
        return text.text();
      }
      if (host != null && "http".equals(address.getScheme())) {
        if (HostPort.loopback(host.replaceAll("[\\[\\]]", ""))) {
          return text.text();
        }
        throw text.wrong("expected https: plain http is for loopback alone");
      }
    } catch (URISyntaxException e) {
      throw text.wrong("expected an https address");
    }
    throw text.wrong("expected an https address");
  }
}
