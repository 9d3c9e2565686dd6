import { splitModelId } from "../catalogue/model-id.ts";

const commonImages = ["image/png", "image/jpeg", "image/webp"];
const documents = ["application/pdf"];
const openai = [...commonImages, "image/gif", ...documents];

/** What the models of a provider read besides text, where nothing below says otherwise. */
const ofProvider: Readonly<Record<string, readonly string[]>> = {
  openai,
  azure: openai,
  anthropic: openai,
  google: [...commonImages, ...documents, "audio/*", "video/*"],
  groq: [],
  deepseek: [],
  natter: ["*/*"],
};

/** Models that read less than their provider's others; the more special first. */
const exceptions: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(openai|azure)\/(o3-mini|o1-mini|o1-preview|gpt-3\.5|gpt-oss)/, []],
  [/^(openai|azure)\/gpt-4(-\d{4}|-32k)?$/, []],
  [/^(openai|azure)\/gpt-4-/, [...commonImages, "image/gif"]],
  [/^google\/(gemma|embedding|text-)/, []],
];

/** Names of models that see, whoever serves them. */
const seeing =
  /(^|[^a-z])(vl|vision|llava|pixtral|moondream|minicpm-v|internvl|gemma-?3|llama-?4|maverick|scout|gpt-4o|gpt-4\.1|gpt-5|claude|gemini)/i;

/**
 * The media types, or `image/*` and the like, that a model reads besides text, by its canonical id. Of a model that nobody
 * knows it is judged by its provider and its name.
 */
export const fileTypesOf = (id: string): readonly string[] => {
  const exception = exceptions.find(([pattern]) => pattern.test(id));
  if (exception !== undefined) return exception[1];
  const { providerId, modelId } = splitModelId(id);
  const types = Object.hasOwn(ofProvider, providerId) ? (ofProvider[providerId] ?? []) : [];
  return types.length === 0 && seeing.test(modelId) ? commonImages : types;
};

/** Whether a file is of one of these types. */
export const isOfType = (mediaType: string, types: readonly string[]): boolean =>
  types.some(
    (type) => type === mediaType || type === "*/*" || (type.endsWith("/*") && mediaType.startsWith(type.slice(0, -1))),
  );

export interface FileAbilities {
  /** Whether it reads images. */
  readonly images: boolean;
  /** Media types that it reads besides text and images. */
  readonly files: readonly string[];
}

/** The same as a selector tells it. */
export const fileAbilities = (types: readonly string[]): FileAbilities => ({
  images: types.some((type) => /^(image|\*)\//.test(type)),
  files: types.filter((type) => !type.startsWith("image/")),
});
