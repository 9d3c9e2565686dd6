type Schema = Readonly<Record<string, unknown>>;

const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A description of the API, as far as it is read here. */
export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Schema>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const referred = (description: Description, schema: Schema): Schema => {
  const name = /^#\/components\/schemas\/(.+)$/.exec(String(schema["$ref"]))?.[1];
  return name === undefined ? schema : referred(description, description.components.schemas[name] ?? {});
};

const isNumeric = ({ type }: Schema): boolean => [type].flat().some((name) => name === "number" || name === "integer");

/** Where numbers stand in what a schema describes: `data[].calls`, `limits.*`. */
const fieldsOf = (description: Description, given: unknown, at: string): string[] => {
  if (!isSchema(given)) return [];
  const schema = referred(description, given);
  const alternatives = [schema["anyOf"], schema["oneOf"], schema["allOf"]].flat().filter(isSchema);
  const members = isSchema(schema["properties"]) ? Object.entries(schema["properties"]) : [];
  return [
    ...(isNumeric(schema) ? [at] : []),
    ...alternatives.flatMap((alternative) => fieldsOf(description, alternative, at)),
    ...members.flatMap(([name, member]) => fieldsOf(description, member, at === "" ? name : `${at}.${name}`)),
    ...fieldsOf(description, schema["items"], `${at}[]`),
    ...fieldsOf(description, schema["additionalProperties"], `${at}.*`),
  ];
};

/** Every number that the routes under `prefix` may answer a GET with: `/v1/admin/users data[].calls`. */
export const numericFields = (description: Description, prefix: string): string[] => {
  const found = Object.entries(description.paths)
    .filter(([path]) => path.startsWith(prefix))
    .flatMap(([path, { get }]) => {
      const answers = isSchema(get) && isSchema(get["responses"]) ? get["responses"] : {};
      const content = isSchema(answers["200"]) ? answers["200"]["content"] : undefined;
      const json = isSchema(content) && isSchema(content["application/json"]) ? content["application/json"] : {};
      return fieldsOf(description, json["schema"], "").map((field) => `${path} ${field}`);
    });
  return [...new Set(found)].toSorted();
};

/** A number that stands in an answer, with the objects that it stands in, the outermost first. */
export interface Figure {
  readonly field: string;
  readonly value: number;
  readonly within: readonly Readonly<Record<string, unknown>>[];
}

/** Every number of an answer. */
export const figuresIn = (answer: unknown, at = "", within: Figure["within"] = []): Figure[] => {
  if (typeof answer === "number") return [{ field: at, value: answer, within }];
  if (Array.isArray(answer)) return answer.flatMap((item) => figuresIn(item, `${at}[]`, within));
  if (!isSchema(answer)) return [];
  return Object.entries(answer).flatMap(([name, value]) =>
    figuresIn(value, at === "" ? name : `${at}.${name}`, [...within, answer]),
  );
};
