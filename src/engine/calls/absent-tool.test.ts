import { expect, test } from "vitest";
import { z } from "zod";
import { createAgentDirectory } from "../../agents/define-agent.ts";
import { getCompletion } from "../../completions/read.ts";
import { getMessage } from "../../conversations/messages.ts";
import { send } from "../../conversations/sending/send.ts";
import { isToolPart } from "../../protocol/message/fold.ts";
import { callTool, createScriptedModel, say } from "../../testing/providers/scripted-model.ts";
import { createSpine, permitAll, text, until } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { tool } from "../../tools/tool.ts";

test("a tool that was at work when its worker went, and is gone when the next comes, has an unknown outcome", async () => {
  const database = await testDatabases.at(-1)!.open();
  const started = Promise.withResolvers<void>();
  const slow = tool({
    inputSchema: z.object({}),
    execute: () => {
      started.resolve();
      return new Promise(() => {});
    },
  });
  const model = createScriptedModel((_call, number) =>
    number === 1 ? [callTool("one", "slow", {})] : number === 2 ? [callTool("two", "slow", {})] : [say("done")],
  );
  const spine = await createSpine({ database, model, agents: { default: { tools: { slow } } } });
  const first = spine.worker();
  await first.start();
  const sent = await send(spine.context, spine.principal, { message: { parts: text("go") } }, permitAll);
  await started.promise;
  await first.drain(0);

  const second = spine.worker({ agents: createAgentDirectory({ default: {} }) });
  await second.start();
  await until(async () => {
    const { status } = await getCompletion(database, spine.principal, sent.completionId, permitAll);
    return status === "completed";
  }, 30);
  const { parts } = await getMessage(database, spine.principal, sent, permitAll);
  expect(parts.filter(isToolPart)).toMatchObject([
    { toolCallId: "one", errorText: expect.stringContaining("outcome of this call is unknown") },
    { toolCallId: "two", errorText: 'There is no tool called "slow".' },
  ]);
  await second.drain(1);
  await spine.close();
  await database.close();
});
