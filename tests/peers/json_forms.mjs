// JSON Forms itself: reads {"schema", "uischema", "data"} on standard input, tells what it makes of them.
import jsonforms from "@jsonforms/core";
import { dataOf, fieldOf, tester } from "../../contract/forms/component/web/releve-json-forms.js";

const { createAjv, evalVisibility, isControl, rankWith, scopeEndsWith, Resolve } = jsonforms;
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { schema, uischema, data } = JSON.parse(Buffer.concat(chunks));
const ajv = createAjv();
const validate = ajv.compile(schema);
const controls = [];
const walk = (each) => {
  if (isControl(each)) controls.push(each);
  (each.elements ?? []).forEach(walk);
};
walk(uischema);
const usual = rankWith(2, isControl);
const context = { rootSchema: schema, config: {} };
process.stdout.write(
  JSON.stringify({
    errors: data.map((each) => (validate(each), (validate.errors ?? []).map((error) => `${error.instancePath}${error.schemaPath}`))),
    controls: controls.map((each) => ({
      field: fieldOf(each),
      resolved: Resolve.schema(schema, each.scope, schema)?.type ?? null,
      ours: tester(each) > usual(each, schema, context),
      visible: data.map((one) => (each.rule ? evalVisibility(each, one, "", ajv, {}) : true)),
    })),
    number: dataOf({ value: "5.20" }),
    scoped: scopeEndsWith(fieldOf(controls[0]))(controls[0], schema, context),
  }),
);
