import type { Answer, ResultColumn } from "./pglite-answer.ts";
import type { RequestWriter } from "./pglite-request.ts";

/** A statement whose request was written. */
export interface WrittenStatement {
  /** Its columns where they are known; otherwise the answer tells them. */
  readonly columns: readonly ResultColumn[] | null;
  learn(answer: Answer): void;
}

interface PreparedStatement {
  readonly name: string;
  columns: readonly ResultColumn[] | null;
  isPreparing: boolean;
}

type Values = readonly (string | null)[];

const maximumStatements = 1_000;
const nothing = (): void => {};

/**
 * Writes each statement so that the server parses and plans it once: it is named when it is first seen, and only bound
 * and executed from then on.
 */
export class StatementCache {
  readonly #writer: RequestWriter;
  readonly #statements = new Map<string, PreparedStatement>();
  #scripts = 0;

  constructor(writer: RequestWriter) {
    this.#writer = writer;
  }

  write(text: string, values: Values): WrittenStatement {
    const statement = this.#remember(text);
    if (statement?.columns) return this.#execute(statement, statement.columns, values);
    // A second use before the first is answered cannot know whether the name will exist.
    const isFree = statement !== undefined && !statement.isPreparing;
    this.#parse(isFree ? statement.name : "", text, values);
    return isFree ? this.#prepare(statement) : { columns: null, learn: nothing };
  }

  /** A script may have changed what a statement returns: each is prepared anew at its next use. */
  forget(): void {
    this.#scripts += 1;
    for (const statement of this.#statements.values()) statement.columns = null;
  }

  #remember(text: string): PreparedStatement | undefined {
    const known = this.#statements.get(text);
    if (known || this.#statements.size >= maximumStatements) return known;
    const added = { name: `s${this.#statements.size}`, columns: null, isPreparing: false };
    this.#statements.set(text, added);
    return added;
  }

  #execute(statement: PreparedStatement, columns: readonly ResultColumn[], values: Values): WrittenStatement {
    this.#run(statement.name, values);
    const learn = ({ error }: Answer): void => {
      if (error) statement.columns = null;
    };
    return { columns, learn };
  }

  #prepare(statement: PreparedStatement): WrittenStatement {
    const scripts = this.#scripts;
    statement.isPreparing = true;
    const learn = ({ columns, error }: Answer): void => {
      statement.isPreparing = false;
      if (!error && this.#scripts === scripts) statement.columns = columns;
    };
    return { columns: null, learn };
  }

  #parse(name: string, text: string, values: Values): void {
    // To close a name that is not there is no error.
    if (name) this.#writer.close(name);
    this.#writer.parse(name, text);
    this.#writer.describe(name);
    this.#run(name, values);
  }

  #run(name: string, values: Values): void {
    this.#writer.bind(name, values);
    this.#writer.execute();
    this.#writer.sync();
  }
}
