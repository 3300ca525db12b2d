// Writes the licences of what is bundled beside the bundle.
import { readFileSync, writeFileSync } from "node:fs";

const bundled = ["echarts", "zrender", "tslib", "tabulator-tables"];
const parts = bundled.map((name) => {
  const { version, license } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8"));
  const texts = ["LICENSE", "LICENSE.txt", "NOTICE"].flatMap((file) => {
    try {
      return [readFileSync(`node_modules/${name}/${file}`, "utf8").trim()];
    } catch {
      return [];
    }
  });
  return `${name} ${version} (${license})\n\n${texts.join("\n\n")}\n`;
});
writeFileSync("../ppc_tuner/page/assets/LICENSES.txt", parts.join(`\n${"-".repeat(78)}\n\n`));
