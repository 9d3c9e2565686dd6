const shownCharacters = 8;

/** Somebody by their name, or by the end of their id where they have none. */
export const Who = ({ id, name }: { readonly id: string; readonly name: string | null }) =>
  name ?? (
    <code title={id} className="font-mono text-12">
      …{id.slice(-shownCharacters)}
    </code>
  );
