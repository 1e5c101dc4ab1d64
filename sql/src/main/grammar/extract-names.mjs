// Prints names.txt from the JavaScript glue of the npm package libpg-query 18.1.5 (wasm/libpg-query.js):
//   node extract-names.mjs path/to/libpg-query.js > names.txt
import { readFileSync } from "node:fs";

const glue = readFileSync(process.argv[2], "utf8");
const plain = (name) => name.replace(/^_+/, "");
const lines = [];
for (const pair of glue.match(/wasmImports=\{([^}]*)\}/)[1].split(",")) {
  const [letter, name] = pair.split(":");
  lines.push(`import ${letter} ${plain(name)}`);
}
const assign = glue.match(/function assignWasmExports\(wasmExports\)\{([^}]*)\}/)[1];
for (const [, name, letter] of assign.matchAll(/(?:^|;)([\w$]+)=(?:[^;]*=)?wasmExports\["(\w+)"\]/g)) {
  lines.push(`export ${letter} ${plain(name)}`);
}
const start = glue.match(/initRuntime\(\)\{[^}]*wasmExports\["(\w+)"\]\(\)/)[1];
lines.push(`export ${start} call_ctors`);
console.log(lines.sort().join("\n"));
