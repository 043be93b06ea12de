// Questions that depend on earlier answers appear when they are asked. Without this file all of them stand on the page,
// each with a line that says when it is to be answered; the server decides in both cases.

const empty = (seen) => seen === null || seen === undefined || seen === "" || (Array.isArray(seen) && !seen.length);
const toNumber = (value) => (typeof value === "boolean" || value === "" || value === null ? NaN : Number(value));

function same(seen, value) {
  if (typeof seen === "boolean" || typeof value === "boolean") return seen === value;
  return seen === value || toNumber(seen) === toNumber(value);
}

function ordered(operator, seen, value) {
  const [left, right] = [toNumber(seen), toNumber(value)];
  const [a, b] = Number.isNaN(left) || Number.isNaN(right) ? [String(seen), String(value)] : [left, right];
  return operator === "at_least" ? a >= b : a < b;
}

/** The same rules as maehia.forms.engine.conditions. */
export function holds(shown, answers) {
  if (shown.all) return shown.all.every((part) => holds(part, answers));
  if (shown.any) return shown.any.some((part) => holds(part, answers));
  const seen = answers[shown.field];
  if ("is_empty" in shown) return empty(seen) === shown.is_empty;
  if (empty(seen)) return false;
  const values = Array.isArray(seen) ? seen : [seen];
  if ("is" in shown) return values.some((value) => same(value, shown.is));
  if ("is_not" in shown) return !values.some((value) => same(value, shown.is_not));
  if ("in" in shown) return values.some((value) => shown.in.some((one) => same(value, one)));
  const operator = "at_least" in shown ? "at_least" : "less_than";
  return values.some((value) => ordered(operator, value, shown[operator]));
}

const arabic = (text) => text.replace(/[๐-๙]/g, (c) => c.charCodeAt(0) - 0x0e50);

/** What a question is answered with now, as the engine would keep it. */
function answerOf(question) {
  const inputs = [...question.querySelectorAll("input, select, textarea")];
  const type = question.dataset.type;
  if (type === "choices") return inputs.filter((input) => input.checked).map((input) => input.value);
  if (type === "choice" || type === "yes_no") {
    const chosen = inputs.find((input) => (input.type === "radio" ? input.checked : input.value))?.value ?? "";
    return type === "yes_no" && chosen ? chosen === "yes" : chosen;
  }
  if (type === "photo" || type === "file") return inputs.flatMap((input) => [...(input.files ?? [])].map((file) => file.name));
  if (type === "number") return arabic(inputs[0].value).replace(/[,\s]/g, "");
  if (type === "date") return dayOf(inputs.map((input) => arabic(input.value).trim()));
  return inputs.map((input) => input.value.trim()).join(" ").trim();
}

function dayOf([day, month, year]) {
  if (!day || !month || !year) return "";
  const full = Number(year) > 2300 ? Number(year) - 543 : Number(year);
  return `${full}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

function enhance(form) {
  const earlier = JSON.parse(form.dataset.earlier || "{}");
  const questions = [...form.querySelectorAll("[data-question]")];
  for (const words of form.querySelectorAll(".asked-when")) words.hidden = true;
  const decide = () => {
    const answers = { ...earlier };
    for (const question of questions) {
      const asked = !question.dataset.showIf || holds(JSON.parse(question.dataset.showIf), answers);
      question.hidden = !asked;
      for (const input of question.querySelectorAll("input, select, textarea")) input.disabled = !asked;
      if (asked) answers[question.dataset.question] = answerOf(question);
    }
  };
  form.addEventListener("input", decide);
  form.addEventListener("change", decide);
  decide();
}

document.querySelectorAll("[data-questions]").forEach(enhance);
