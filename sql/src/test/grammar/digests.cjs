// Prints digests.txt: what Node's run of the module makes of every case of the corpus and of some texts of its own.
//   node digests.cjs path/to/wasm/libpg-query.js ../resources/dev/chaperone/sql/corpus.txt > .../digests.txt
// A line is the digest of the text, then that of its tree, or "error", the position and the message.
const { createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");

const [glue, corpus] = process.argv.slice(2);
const sha = (text) => createHash("sha256").update(text, "utf8").digest("hex");
const lines = (block, wanted) =>
  block.split("\n").filter((line) => line && !line.startsWith("# ") && line.startsWith("--> ") === wanted);
const blocks = readFileSync(corpus, "utf8").split(/\n\n+/).filter((block) => lines(block, false).length);
const cases = blocks.map((block) => lines(block, false).join("\n"));
const good = blocks
  .filter((block) => lines(block, true).every((line) => !/^--> (error|nothing)/.test(line)))
  .map((block) => lines(block, false).join("\n"))
  .filter((sql) => !sql.includes("--"));
// Long functions are split for the JVM: texts that go through many of their parts, and through them often.
cases.push("SELECT " + "NOT ".repeat(3000) + "true");
cases.push("SELECT " + "(".repeat(3000) + "1" + ")".repeat(3000));
cases.push("SELECT " + "1 + ".repeat(3000) + "1");
cases.push("SELECT " + "a.b ->> 'c' || lower(d[1]), ".repeat(500) + "1");
cases.push("INSERT INTO t VALUES " + "(1, 'abc', NULL, now(), 1.5e3, $1, DEFAULT), ".repeat(500) + "(1)");
cases.push(good.join(";\n"));

require(glue)().then((m) => {
  for (const sql of cases) {
    const size = m.lengthBytesUTF8(sql) + 1;
    const text = m._malloc(size);
    m.stringToUTF8(sql, text, size);
    const result = m._wasm_parse_query_raw(text);
    const error = m.getValue(result + 8, "i32");
    const told = error
      ? `error ${Math.max(0, m.getValue(error + 16, "i32"))} ${m.UTF8ToString(m.getValue(error, "i32")).replace(/\n/g, "\\n")}`
      : sha(m.UTF8ToString(m.getValue(result, "i32")));
    console.log(`${sha(sql)} ${told}`);
    m._free(text);
    m._wasm_free_parse_result(result);
  }
});
