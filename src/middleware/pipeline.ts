import type { Chunk } from "../protocol/message/chunk.ts";
import type {
  AcceptChanges,
  AcceptRequest,
  ChunkCall,
  CompletionCall,
  Middleware,
  ModelChanges,
  ModelLayerCall,
} from "../protocol/agent/middleware.ts";
import type { ModelEnd } from "../protocol/agent/model.ts";
import type { TurnEnd } from "../protocol/agent/turn.ts";
import { onion, type Layer } from "./onion.ts";
import { withHooks, type MiddlewareServices } from "./services.ts";

/** Around accepting. */
export type AcceptLayers = (request: AcceptRequest, core: (request: AcceptRequest) => Promise<void>) => Promise<void>;

/** All middleware of a server as one; what no middleware has is absent. */
export interface Pipeline {
  readonly accept?: AcceptLayers;
  readonly completion?: (call: CompletionCall, core: () => Promise<TurnEnd>) => Promise<TurnEnd>;
  readonly model?: (call: ModelLayerCall, core: (call: ModelLayerCall) => Promise<ModelEnd>) => Promise<ModelEnd>;
  readonly chunk?: (chunk: Chunk, call: ChunkCall) => readonly Chunk[];
}

const withTexts = (request: AcceptRequest, { texts }: AcceptChanges): AcceptRequest => ({ ...request, texts });

const withModelChanges = (call: ModelLayerCall, { request, sink }: ModelChanges): ModelLayerCall => ({
  ...call,
  request: request ?? call.request,
  sink: sink ?? call.sink,
});

const acceptLayers = (middleware: readonly Middleware[]): Layer<AcceptRequest, AcceptChanges, void>[] =>
  middleware.flatMap((each) => (each.accept === undefined ? [] : [{ name: each.name, run: each.accept.bind(each) }]));

const completionLayers = (middleware: readonly Middleware[]): Layer<CompletionCall, never, TurnEnd>[] =>
  middleware.flatMap((each) =>
    each.completion === undefined ? [] : [{ name: each.name, run: each.completion.bind(each) }],
  );

const modelLayers = (middleware: readonly Middleware[]): Layer<ModelLayerCall, ModelChanges, ModelEnd>[] =>
  middleware.flatMap((each) => (each.model === undefined ? [] : [{ name: each.name, run: each.model.bind(each) }]));

const chunkHooks = (middleware: readonly Middleware[]): NonNullable<Pipeline["chunk"]>[] =>
  // what the innermost lets through is what the next one outside sees
  middleware.toReversed().flatMap((each) => (each.chunk === undefined ? [] : [each.chunk.bind(each)]));

const through = (hooks: readonly NonNullable<Pipeline["chunk"]>[], chunk: Chunk, call: ChunkCall): readonly Chunk[] =>
  hooks.reduce<readonly Chunk[]>((chunks, hook) => chunks.flatMap((each) => hook(each, call)), [chunk]);

/** Composes the middleware of a configuration in its order. */
export const createPipeline = (given: readonly Middleware[], services: MiddlewareServices): Pipeline => {
  const middleware = given.map((each) => withHooks(each, services));
  const accept = acceptLayers(middleware);
  const completion = completionLayers(middleware);
  const model = modelLayers(middleware);
  const hooks = chunkHooks(middleware);
  return {
    ...(accept.length === 0 ? {} : { accept: onion(accept, withTexts) }),
    ...(completion.length === 0 ? {} : { completion: onion(completion, (call) => call) }),
    ...(model.length === 0 ? {} : { model: onion(model, withModelChanges) }),
    ...(hooks.length === 0 ? {} : { chunk: (chunk, call) => through(hooks, chunk, call) }),
  };
};
