const questions = "[data-question]";
const touch = matchMedia("(pointer: coarse)");

/** Where the focus goes from a question that was answered: to the next one, else to the message box. */
export const leaveQuestion = (question: Element): void => {
  if (!question.contains(document.activeElement)) return;
  const all = [...document.querySelectorAll<HTMLElement>(questions)].filter((other) => other !== question);
  const next = all.find((other) => (question.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0);
  const target = next ?? all[0] ?? (touch.matches ? null : document.getElementById("composer"));
  // after the question is gone, or its end would take the focus along
  requestAnimationFrame(() => target?.focus());
};
