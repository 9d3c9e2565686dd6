const range = (low: string | null, high: string | null, unit: string): string => {
  if (low !== null && high !== null)
    return low === high ? `Exactly ${low}${unit}.` : `Between ${low} and ${high}${unit}.`;
  return low !== null ? `At least ${low}${unit}.` : `At most ${high ?? ""}${unit}.`;
};

/** Words of forms that a tool asks for. */
export const formTexts = {
  asks: "asks. What you answer goes to the model.",
  answer: "Your answer",
  submit: "Send answer",
  decline: "Don’t answer",
  declineReason: "Why not? The model is told (optional)",
  declined: "The person did not want to answer.",
  declinedBecause: (reason: string) => `The person did not want to answer: ${reason}`,
  optional: "optional",
  required: "This is needed.",
  noNumber: "A number.",
  noWholeNumber: "A whole number.",
  noEmail: "An e-mail address.",
  noUrl: "An address such as https://example.com.",
  noJson: "This is no JSON.",
  noList: "One of the lines is no number.",
  onePerLine: "One per line",
  asJson: "As JSON",
  choose: "Choose…",
  yes: "Yes",
  no: "No",
  nothing: "None",
  fix: (count: number) => (count === 1 ? "One field needs another look." : `${count} fields need another look.`),
  range: (low: string | null, high: string | null) => range(low, high, ""),
  lengths: (low: string | null, high: string | null) => range(low, high, " characters"),
  counts: (low: string | null, high: string | null) => range(low, high, " entries"),
};
