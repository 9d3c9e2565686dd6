import { useState, type FormEvent } from "react";
import { basePath } from "../shell/base-path.ts";
import { messageOf } from "../ui/message-of.ts";

/** A form that lets somebody in: whether it is on its way, and why it was refused. */
export interface Entry {
  readonly isBusy: boolean;
  readonly error: string | null;
  /** For `onSubmit`. */
  readonly submit: (event: FormEvent<HTMLFormElement>) => void;
}

const textOf = (data: FormData, name: string): string => {
  const value = data.get(name);
  return typeof value === "string" ? value : "";
};

/** They lead home; whoever wanted another page gets it. */
const entryPages = ["/sign-in", "/sign-up", "/join"];

/** Sends what was filled in; whoever is let in starts on a fresh page, with their cookie. */
export const useEntry = (send: (field: (name: string) => string) => Promise<void>): Entry => {
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  return {
    isBusy,
    error,
    submit: (event) => {
      event.preventDefault();
      const data = new FormData(event.currentTarget);
      setIsBusy(true);
      setError(null);
      send((name) => textOf(data, name)).then(
        () => {
          if (entryPages.includes(location.pathname.slice(basePath.length))) location.assign(`${basePath}/`);
          else location.reload();
        },
        (thrown: unknown) => {
          setError(messageOf(thrown));
          setIsBusy(false);
        },
      );
    },
  };
};
