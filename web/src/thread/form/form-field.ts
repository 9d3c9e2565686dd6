/** A field of a form, made of a JSON Schema. Its bounds are inclusive; null: none. */
export interface FormField {
  readonly name: string;
  readonly label: string;
  readonly hint: string | null;
  readonly isRequired: boolean;
  /** What stands there at first; of a choice the JSON of the option. */
  readonly initial: string;
  readonly input: FieldInput;
}

export type FieldInput =
  | { readonly kind: "text"; readonly isLong: boolean; readonly type: TextType; readonly lengths: Bounds }
  | { readonly kind: "number"; readonly isWhole: boolean; readonly range: Bounds }
  | { readonly kind: "flag" }
  | { readonly kind: "choice"; readonly options: readonly FormValue[] }
  | { readonly kind: "choices"; readonly options: readonly FormValue[]; readonly counts: Bounds }
  | { readonly kind: "list"; readonly item: "text" | "number"; readonly isWhole: boolean; readonly counts: Bounds }
  | { readonly kind: "group"; readonly fields: readonly FormField[] }
  /** What no field is made of: JSON, typed by hand. */
  | { readonly kind: "json" };

export type TextType = "text" | "email" | "url" | "date" | "time" | "datetime-local";

export interface Bounds {
  readonly low: number | null;
  readonly high: number | null;
}

/** What can be chosen. */
export type FormValue = string | number | boolean | null;
