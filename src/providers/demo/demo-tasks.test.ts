import { describe, expect, test } from "vitest";
import { readTaskCall, taskSentences } from "./demo-tasks.ts";

describe("D9 the demo model", () => {
  test("understands every sentence about tasks that it lists", () => {
    expect(taskSentences.map((sentence) => readTaskCall(sentence))).toEqual([
      { tool: "tasks__add_task", input: { title: "buy milk" } },
      { tool: "tasks__add_task", input: { title: "call Anna", due: "2027-01-31" } },
      { tool: "tasks__list_tasks", input: { status: "all" } },
      { tool: "tasks__list_tasks", input: { status: "open" } },
      { tool: "tasks__complete_task", input: { id: 2 } },
      { tool: "tasks__update_task", input: { id: 2, done: false } },
      { tool: "tasks__update_task", input: { id: 2, title: "call Bob" } },
      { tool: "tasks__delete_task", input: { id: 2 } },
    ]);
  });

  test.each([
    ["Please add a new task: Water the plants", "tasks__add_task"],
    ["Create task to write\nthe report", "tasks__add_task"],
    ["Show me all my tasks", "tasks__list_tasks"],
    ["list tasks", "tasks__list_tasks"],
    ["mark task 3 as done.", "tasks__complete_task"],
    ["remove task #3", "tasks__delete_task"],
  ])("understands %j", (sentence, tool) => {
    expect(readTaskCall(sentence)?.tool).toBe(tool);
  });

  test.each(["add 2 3", "time", "", "tasks are hard", "done", "delete task", "delete all", "toString"])(
    "does not take %j for one",
    (sentence) => {
      expect(readTaskCall(sentence)).toBeNull();
    },
  );
});
