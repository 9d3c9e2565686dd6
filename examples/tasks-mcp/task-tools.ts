import { z } from "zod";
import type { Task, TaskStore } from "./task-store.ts";

/** What a tool answers: a text for the model and the person, or why it could not do it. */
export type Answer = { readonly text: string } | { readonly problem: string };

interface TaskTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: z.ZodType;
  readonly annotations: { readonly readOnlyHint: boolean; readonly destructiveHint: boolean };
  run(store: TaskStore, user: string, input: unknown): Answer;
}

const id = z.int().min(1).describe("The task's number, as the list shows it");
const title = z
  .string()
  .trim()
  .min(1)
  .max(500)
  // one line, so that a list shows one task a line
  .transform((text) => text.replaceAll(/\s+/g, " "))
  .describe("What is to be done");
const due = z.iso.date().describe("The day it is due, as 2027-01-31");

const reads = { readOnlyHint: true, destructiveHint: false };
const changes = { readOnlyHint: false, destructiveHint: false };
const destroys = { readOnlyHint: false, destructiveHint: true };

const named = ({ id: number, title: what, due: day }: Task): string =>
  `${number}: ${what}${day === null ? "" : ` (due ${day})`}`;

// no numbered list: Markdown would count by itself
const lineOf = (task: Task): string => `- [${task.done ? "x" : " "}] ${named(task)}`;

const told = (task: Task | null, number: number, what: (task: Task) => string): Answer =>
  task === null ? { problem: `There is no task ${number}.` } : { text: what(task) };

const taskTool = <Input extends z.ZodType>(
  tool: Omit<TaskTool, "inputSchema" | "run"> & {
    readonly inputSchema: Input;
    readonly answer: (store: TaskStore, user: string, input: z.output<Input>) => Answer;
  },
): TaskTool => ({
  ...tool,
  run(store, user, input) {
    const parsed = tool.inputSchema.safeParse(input);
    if (parsed.success) return tool.answer(store, user, parsed.data);
    const issues = parsed.error.issues.map((issue) => `${issue.path.join(".") || "input"}: ${issue.message}`);
    return { problem: `The input was refused: ${issues.join("; ")}` };
  },
});

export const taskTools: readonly TaskTool[] = [
  taskTool({
    name: "add_task",
    description: "Adds a task to the person's list",
    inputSchema: z.strictObject({ title, due: due.optional() }),
    annotations: changes,
    answer: (store, user, input) => {
      const task = store.add(user, { title: input.title, due: input.due ?? null });
      return task === null
        ? { problem: "The list is full; delete some tasks first." }
        : { text: `Added task ${named(task)}` };
    },
  }),
  taskTool({
    name: "list_tasks",
    description: "Lists the person's tasks with their numbers",
    inputSchema: z.strictObject({ status: z.enum(["open", "done", "all"]).default("all") }),
    annotations: reads,
    answer: (store, user, { status }) => {
      const tasks = store.list(user, status);
      return { text: tasks.length === 0 ? "There are no tasks." : tasks.map(lineOf).join("\n") };
    },
  }),
  taskTool({
    name: "complete_task",
    description: "Marks a task as done",
    inputSchema: z.strictObject({ id }),
    annotations: changes,
    answer: (store, user, input) =>
      told(store.change(user, input.id, { done: true }), input.id, (task) => `Done: task ${named(task)}`),
  }),
  taskTool({
    name: "update_task",
    description: "Changes a task's title or day, or marks it as open again",
    inputSchema: z.strictObject({
      id,
      title: title.optional(),
      due: due.nullable().optional().describe("Null: no day"),
      done: z.boolean().optional(),
    }),
    annotations: changes,
    answer: (store, user, { id: number, ...change }) =>
      told(store.change(user, number, change), number, (task) => `Changed task ${named(task)}`),
  }),
  taskTool({
    name: "delete_task",
    description: "Deletes a task for good",
    inputSchema: z.strictObject({ id }),
    annotations: destroys,
    answer: (store, user, input) =>
      told(store.remove(user, input.id), input.id, (task) => `Deleted task ${named(task)}`),
  }),
];

/** The tools as `tools/list` tells them. */
export const listTaskTools = () =>
  taskTools.map(({ name, description, inputSchema, annotations }) => {
    const { $schema: _schema, ...schema } = z.toJSONSchema(inputSchema, { target: "draft-7", io: "input" });
    return { name, description, annotations, inputSchema: { ...schema, type: "object" as const } };
  });
