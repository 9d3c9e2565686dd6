import { NatterError } from "../../foundation/errors.ts";

/** How the first bytes of the images begin that models read, in base64. */
const signatures: readonly (readonly [string, string])[] = [
  ["iVBORw0KGgo", "image/png"],
  ["/9j/", "image/jpeg"],
  ["R0lGOD", "image/gif"],
  ["UklGR", "image/webp"],
];

/** What a person is told of a file that the model's wire format has no place for. */
export const refuseFile = (mediaType: string): NatterError =>
  new NatterError(
    "provider_refused",
    `The model cannot read a file of type ${mediaType.slice(0, 80)}; send it in another form.`,
  );

/**
 * The media type of a file of which maybe only the kind is told (`image/*`), by its first bytes.
 * @throws NatterError `provider_refused` when they tell nothing
 */
export const fullMediaType = (mediaType: string, base64: string): string => {
  if (/^[^/]+\/[^*]+$/.test(mediaType)) return mediaType;
  const found = signatures.find(
    ([start, type]) => base64.startsWith(start) && type.startsWith(mediaType.replace(/\/\*$/, "")),
  );
  if (found === undefined) throw refuseFile(mediaType);
  return found[1];
};
