// Drive a survey with SurveyJS itself: reads {"survey", "steps"} on standard input, tells how it stands after each step.
import { Serializer, SurveyModel } from "survey-core";
import { accept, register } from "../../contract/forms/component/web/releve-survey.js";

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { survey: json, steps } = JSON.parse(Buffer.concat(chunks));
const before = new SurveyModel(json).toJSON();
register(Serializer);
register(Serializer);
const survey = new SurveyModel(json);
const measures = (said) => JSON.stringify(said).split('"measure"').length - 1;
const told = steps.map((step) => {
  for (const [name, value] of Object.entries(step.values ?? {})) survey.setValue(name, value);
  if (step.captured) accept(survey, step.captured);
  survey.validate(true);
  return survey.getAllQuestions().map((each) => ({
    name: each.name,
    value: each.value ?? null,
    visible: each.isVisible,
    required: each.isRequired || Boolean(each.requiredIf && survey.runCondition(each.requiredIf)),
    readOnly: each.isReadOnly,
    measure: each.measure ?? null,
    errors: each.errors.map((error) => error.getText()),
    captured: survey.getVariable(`${each.name}_captured`) ?? null,
  }));
});
process.stdout.write(JSON.stringify({ without: measures(before), kept: measures(survey.toJSON()), told }));
