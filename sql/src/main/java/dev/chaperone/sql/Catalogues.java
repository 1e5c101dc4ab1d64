package dev.chaperone.sql;

/** What is known of PostgreSQL's own functions, operators and settings. Immutable. */
record Catalogues(
    FunctionCatalogue functions, OperatorCatalogue operators, SettingCatalogue settings) {
  static Catalogues load() {
    return new Catalogues(
        FunctionCatalogue.load(), OperatorCatalogue.load(), SettingCatalogue.load());
  }
}
