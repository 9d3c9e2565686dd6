/** A call that the demo model makes because of what a person wrote. */
export interface TaskCall {
  readonly tool: string;
  readonly input: unknown;
}

interface Phrase {
  readonly pattern: RegExp;
  readonly tool: string;
  readonly input: (found: Readonly<Record<string, string | undefined>>) => unknown;
}

const number = ({ id }: Readonly<Record<string, string | undefined>>): { readonly id: number } => ({ id: Number(id) });

const due = / (?:by|on|until|due) (?<due>\d{4}-\d{2}-\d{2})$/i;

const titleOf = (text = ""): { readonly title: string; readonly due?: string } => {
  const day = due.exec(text)?.groups?.["due"];
  return day === undefined ? { title: text } : { title: text.replace(due, ""), due: day };
};

const phrases: readonly Phrase[] = [
  {
    pattern: /^(?:please )?(?:add|create|new)(?: a)?(?: new)? (?:task|todo)(?: to)?:? (?<title>.+)$/is,
    tool: "tasks__add_task",
    input: ({ title }) => titleOf(title),
  },
  {
    pattern: /^remind me to (?<title>.+)$/is,
    tool: "tasks__add_task",
    input: ({ title }) => titleOf(title),
  },
  {
    pattern: /^(?:(?:show|list)(?: me)?(?: all)? ?(?:my )?|my )?(?<status>open |done )?tasks[?.!]?$/i,
    tool: "tasks__list_tasks",
    input: ({ status }) => ({ status: status?.trim().toLowerCase() ?? "all" }),
  },
  {
    pattern: /^(?:done|finish|complete|mark)(?: task)? #?(?<id>\d{1,9})(?: as)?(?: done)?[.!]?$/i,
    tool: "tasks__complete_task",
    input: number,
  },
  {
    pattern: /^(?:rename|change|update) task #?(?<id>\d{1,9}) (?:to:? )?(?<title>.+)$/is,
    tool: "tasks__update_task",
    input: ({ id, title }) => ({ id: Number(id), ...titleOf(title) }),
  },
  {
    pattern: /^reopen task #?(?<id>\d{1,9})[.!]?$/i,
    tool: "tasks__update_task",
    input: ({ id }) => ({ id: Number(id), done: false }),
  },
  {
    pattern: /^(?:delete|remove) task #?(?<id>\d{1,9})[.!]?$/i,
    tool: "tasks__delete_task",
    input: number,
  },
];

/** Sentences about tasks that show what the demo model understands. */
export const taskSentences: readonly string[] = [
  "add task buy milk",
  "remind me to call Anna on 2027-01-31",
  "my tasks",
  "open tasks",
  "done 2",
  "reopen task 2",
  "rename task 2 to call Bob",
  "delete task 2",
];

/** The call that a sentence about tasks means; null when it is about something else. */
export const readTaskCall = (text: string): TaskCall | null => {
  for (const { pattern, tool, input } of phrases) {
    const found = pattern.exec(text.trim());
    if (found !== null) return { tool, input: input(found.groups ?? {}) };
  }
  return null;
};
