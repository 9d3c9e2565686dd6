const shortest = 8;
const replacement = "[secret]";

/** Replaces what an operator keeps secret in every text of a value: a server may repeat what it was sent. */
export const createRedaction = (secrets: readonly string[]): (<Value>(value: Value) => Value) => {
  const kept = secrets.filter((secret) => secret.length >= shortest);
  const redactText = (text: string): string =>
    kept.reduce((rest, secret) => rest.replaceAll(secret, replacement), text);
  if (kept.length === 0) return (value) => value;
  return (value) => {
    const json = JSON.stringify(value);
    return kept.some((secret) => json.includes(JSON.stringify(secret).slice(1, -1)))
      ? JSON.parse(json, (_key, member: unknown) => (typeof member === "string" ? redactText(member) : member))
      : value;
  };
};
