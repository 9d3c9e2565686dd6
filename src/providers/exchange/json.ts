/** True for an object whose members may be read by name: the first step of parsing what a provider said. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The text, unless it is something else or empty. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

/** A text read as JSON, or why it is none. */
export const readJson = (text: string): { readonly value: unknown } | { readonly cause: unknown } => {
  try {
    return { value: JSON.parse(text) };
  } catch (cause) {
    return { cause };
  }
};
