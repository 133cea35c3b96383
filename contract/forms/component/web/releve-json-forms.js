// JSON Forms: controls that instruments fill. Needs releve-field.js on the page, and schemas of `releve forms export --to json-forms`.
//
//   import { createElement, useEffect, useRef } from "react";
//   import { withJsonFormsControlProps } from "@jsonforms/react";
//   import { tester, renderer } from "https://gateway.example.net/component/releve-json-forms.js";
//   const where = { intervention: "job-7", report: "boiler", gateway: "https://gateway.example.net", key: "…" };
//   const entry = { tester, renderer: withJsonFormsControlProps(renderer({ createElement, useEffect, useRef }, where)) };

export const RANK = 20;

export const measureOf = (uischema) => (uischema?.type === "Control" ? uischema.options?.measure : undefined);

// Ranks above the usual renderers of a number, and leaves every other control alone.
export const tester = (uischema) => (measureOf(uischema) ? RANK : -1);

export const fieldOf = (uischema) => uischema.scope.slice(uischema.scope.lastIndexOf("/") + 1);

// What was captured as the data of the form: a number, since its schema says so.
export const dataOf = (captured) => (captured.value === "" || captured.value == null ? undefined : Number(captured.value));

export function renderer({ createElement, useEffect, useRef }, { key, ...where }) {
  return function ReleveControl({ uischema, path, label, data, errors, visible, enabled, handleChange }) {
    const own = useRef(null);
    useEffect(() => {
      const field = own.current;
      if (!field) return undefined;
      // React keeps what is called "key" to itself, and writes what is true or false as it likes.
      if (key) field.setAttribute("key", key);
      field.toggleAttribute("disabled", enabled === false);
      const taken = (event) => handleChange(path, dataOf(event.detail));
      field.addEventListener("releve-captured", taken);
      return () => field.removeEventListener("releve-captured", taken);
    });
    if (visible === false) return null;
    const attributes = { ...where, ref: own, field: fieldOf(uischema), label };
    return createElement("div", null, createElement("releve-field", attributes), data === undefined ? null : createElement("output", null, String(data)), errors ? createElement("p", { role: "alert" }, errors) : null);
  };
}
