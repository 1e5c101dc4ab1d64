package dev.chaperone.app.cli;

import tools.jackson.databind.JsonNode;

/** Targets for people at a terminal. Pure; names hold nothing that would disturb one. */
final class TargetText {
  private TargetText() {}

  /** The listing, one target a line. */
  static String list(JsonNode listing) {
    var text = new StringBuilder();
    for (var target : listing.path("items")) {
      text.append(target.path("name").asString("-"))
          .append("  ")
          .append(target.path("protocol").asString("-"))
          .append('\n');
    }
    return text.isEmpty() ? "no targets\n" : text.toString();
  }
}
