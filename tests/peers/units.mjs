// NLM's own UCUM: reads {"codes", "conversions"} on standard input, tells which codes it knows and what it converts to.
import ucum from "@lhncbc/ucum-lhc";

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { codes, conversions } = JSON.parse(Buffer.concat(chunks));
const utils = ucum.UcumLhcUtils.getInstance();
const valid = Object.fromEntries(codes.map((code) => [code, utils.validateUnitString(code).status]));
const converted = conversions.map(([from, value, to]) => {
  const found = utils.convertUnitTo(from, value, to);
  return found.status === "succeeded" ? found.toVal : null;
});
process.stdout.write(JSON.stringify({ valid, converted }));
