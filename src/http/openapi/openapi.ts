import { z } from "zod";
import { createJsonSchemas, type JsonSchemas } from "./json-schemas.ts";
import type { Route, RouteAnswer } from "../route.ts";

const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().describe("Stable name of the problem"),
    requestId: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: "Problem", description: "RFC 9457" });

const nameOf = ({ method, path }: Route): string =>
  [method, ...path.split("/").filter((segment) => segment !== "" && segment !== "v1")]
    .map((segment) => segment.replaceAll(/[{}]/g, ""))
    .map((segment, index) =>
      segment.replaceAll(/(?:^|[-.])([a-z])/g, (_all, letter: string) => (index === 0 ? letter : letter.toUpperCase())),
    )
    .join("");

const parametersIn = (place: "path" | "query", schema: z.ZodType | undefined, schemas: JsonSchemas): object[] => {
  if (schema === undefined) return [];
  const { properties, required } = schemas.of(schema, "input");
  const names: unknown[] = Array.isArray(required) ? required : [];
  return Object.entries(properties ?? {}).map(([name, property]) => ({
    name,
    in: place,
    required: names.includes(name),
    schema: property,
  }));
};

const headerParameters = (route: Route): object[] =>
  Object.entries(route.headers ?? {}).map(([name, description]) => ({
    name,
    in: "header",
    required: false,
    description,
    schema: { type: "string" },
  }));

const contentOf = ({ schema, contentType = "application/json", whole }: RouteAnswer, schemas: JsonSchemas): object => ({
  ...(schema === undefined ? {} : { [contentType]: { schema: schemas.of(schema, "output") } }),
  ...(whole === undefined ? {} : { "application/json": { schema: schemas.of(whole, "output") } }),
});

const response = (answer: RouteAnswer, schemas: JsonSchemas): object => ({
  description: answer.description,
  ...(answer.headers === undefined
    ? {}
    : { headers: Object.fromEntries(answer.headers.map((name) => [name, { schema: { type: "string" } }])) }),
  ...(answer.schema === undefined ? {} : { content: contentOf(answer, schemas) }),
});

const limitHeaders = [
  "RateLimit",
  "RateLimit-Policy",
  "X-RateLimit-Limit",
  "X-RateLimit-Remaining",
  "X-RateLimit-Reset",
  "Retry-After",
];

/** How a route refuses what it has no room for. */
const refusals = ({ takes = [] }: Route): Readonly<Record<number, RouteAnswer>> => {
  const problem = { contentType: "application/problem+json", schema: problemSchema };
  const tooMany = { description: "Too many from you: nothing was stored", headers: limitHeaders, ...problem };
  const full = { description: "No room now: nothing was stored", headers: ["Retry-After"], ...problem };
  const isViewer = takes.includes("seat") || takes.includes("download");
  return takes.length === 0 ? {} : { 429: tooMany, ...(isViewer ? { 503: full } : {}) };
};

const requestBodyOf = (route: Route, schemas: JsonSchemas): object => {
  if (route.bytes !== undefined) {
    const { bytes: description } = route;
    return {
      requestBody: {
        description,
        required: true,
        content: { "application/octet-stream": { schema: schemas.of(z.string(), "input") } },
      },
    };
  }
  if (route.body === undefined) return {};
  const content = { "application/json": { schema: schemas.of(route.body, "input") } };
  return { requestBody: { required: route.isBodyOptional !== true, content } };
};

const operation = (route: Route, schemas: JsonSchemas): object => ({
  operationId: route.operationId ?? nameOf(route),
  summary: route.summary,
  tags: [route.tag],
  ...(route.isOpen ? { security: [] } : {}),
  parameters: [
    ...parametersIn("path", route.params, schemas),
    ...parametersIn("query", route.query, schemas),
    ...headerParameters(route),
  ],
  ...requestBodyOf(route, schemas),
  responses: {
    ...Object.fromEntries(
      Object.entries({ ...route.answers, ...refusals(route) }).map(([status, answer]) => [
        status,
        response(answer, schemas),
      ]),
    ),
    default: {
      description: "A problem",
      content: { "application/problem+json": { schema: schemas.of(problemSchema, "output") } },
    },
  },
});

/** The OpenAPI 3.1 description of the routes, from the schemas that check them. */
export const describeRoutes = (routes: readonly Route[], version: string): object => {
  const schemas = createJsonSchemas();
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method]: operation(route, schemas) };
  return {
    openapi: "3.1.0",
    info: {
      title: "Natter",
      version,
      description: "Durable AI conversations. Errors are RFC 9457 problems with a stable `code`.",
    },
    security: [{ bearer: [] }, { apiKey: [] }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: schemas.components,
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer" },
        apiKey: { type: "apiKey", in: "header", name: "x-api-key" },
      },
    },
  };
};
