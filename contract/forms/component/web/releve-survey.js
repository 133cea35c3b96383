// SurveyJS: questions that instruments fill. Needs releve-field.js on the page, and a survey of `releve forms export --to surveyjs`.
//
//   import { Serializer } from "survey-core";
//   import { register, bind } from "https://gateway.example.net/component/releve-survey.js";
//   register(Serializer);                          // once, before the survey is made: it then keeps "measure"
//   bind(survey, { intervention: "job-7", report: "boiler", gateway: "https://gateway.example.net", key: "…" });

export function register(Serializer) {
  if (!Serializer.findProperty("question", "measure")) Serializer.addProperty("question", { name: "measure:any", category: "data" });
}

// Put a field beside every question that is bound, and take what it captures. Returns how to let go again.
export function bind(survey, where) {
  const drawn = (_, { question, htmlElement }) => {
    if (!question.measure || htmlElement.querySelector("releve-field")) return;
    htmlElement.append(element(question, { lang: survey.locale || undefined, ...where }, (detail) => accept(survey, detail)));
  };
  survey.onAfterRenderQuestion.add(drawn);
  return () => survey.onAfterRenderQuestion.remove(drawn);
}

function element(question, where, taken) {
  const field = document.createElement("releve-field");
  for (const [name, value] of Object.entries(where)) if (value !== undefined) field.setAttribute(name, value);
  field.setAttribute("field", question.name);
  field.setAttribute("label", question.title);
  field.addEventListener("releve-captured", (event) => taken(event.detail));
  return field;
}

// The survey counts with a number; what was captured, digits and instrument, stays beside it as a variable.
export function accept(survey, captured) {
  const question = survey.getQuestionByName(captured.field);
  if (!question) return;
  survey.setVariable(`${captured.field}_captured`, captured);
  // Out of the instrument's range there is no number, and none is made up.
  const { value } = captured;
  question.value = value === null ? undefined : question.inputType === "number" ? Number(value) : value;
}
