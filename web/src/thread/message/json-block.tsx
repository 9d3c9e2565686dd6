const longest = 20_000;

const printed = (value: unknown): string => {
  const text = typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "");
  return text.length > longest ? `${text.slice(0, longest)}\n…` : text;
};

/** A value as it is, for who wants to know exactly. */
export const JsonBlock = ({ label, value }: { readonly label: string; readonly value: unknown }) => (
  <figure className="min-w-0">
    <figcaption className="mb-1 text-12 text-text-3">{label}</figcaption>
    <pre
      dir="ltr"
      tabIndex={0}
      role="group"
      aria-label={label}
      className="max-h-72 overflow-auto rounded-small bg-sunken px-3 py-2 font-mono text-12 leading-normal whitespace-pre-wrap wrap-anywhere text-text-2"
    >
      {printed(value)}
    </pre>
  </figure>
);
