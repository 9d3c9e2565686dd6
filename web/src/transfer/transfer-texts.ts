/** Words of what goes out and comes in. */
export const transferTexts = {
  export: "Take everything along",
  exportHint:
    "Your conversations in this workspace with branches, votes, artifacts and files. What others shared with you is theirs.",
  formats: {
    zip: { name: "Zip archive", hint: "Everything, files beside the texts. It can be imported again." },
    jsonl: { name: "JSON lines", hint: "The same in one text, for programs. It can be imported again." },
    markdown: { name: "Markdown", hint: "What is shown of each conversation, to read." },
  },
  download: (name: string) => `Download as ${name}`,
  import: "Bring conversations along",
  importHint:
    "An export of Natter, ChatGPT or Claude, as zip or JSON. What is there already is skipped, so nothing comes twice.",
  choose: "Choose files",
  uploading: (name: string) => `Uploading ${name}`,
  stop: "Stop",
  stopWhat: (name: string) => `Stop uploading ${name}`,
  imports: "Imports",
  brought: (moment: string) => `Import of ${moment}`,
  stay: "Keep this tab open until the file is there. What comes then goes on without you.",
  goesOn: "The server reads it. You can leave, and look here again.",
  status: { queued: "Waiting", running: "Reading", completed: "Done", failed: "Could not be read to its end" },
  counts: (imported: number, skipped: number, failed: number) =>
    [
      `${imported} imported`,
      ...(skipped === 0 ? [] : [`${skipped} there already`]),
      ...(failed === 0 ? [] : [`${failed} failed`]),
    ].join(" · "),
  outcomes: { imported: "Imported", skipped: "There already", failed: "Failed" },
  report: (name: string) => `Details of ${name}`,
  untitled: "Without a title",
  messages: (count: number) => `${count} ${count === 1 ? "message" : "messages"}`,
  more: "Show more",
  details: "Details",
  forget: "Remove",
  forgetWhat: (name: string) => `Remove ${name} from this list`,
  gone: "The server does not know this import any more.",
};
