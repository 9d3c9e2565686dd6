/** A state that a runner can go on from. Ids grow with time within a namespace. */
export interface Checkpoint {
  readonly namespace: string;
  readonly id: string;
  readonly parentId: string | null;
  /** How `state` is written; the runner's own word. */
  readonly format: string;
  readonly state: string;
  readonly metadata: string;
}

/** What a task behind a checkpoint has already found out. A negative `index` is written again, another is kept. */
export interface CheckpointWrite {
  readonly taskId: string;
  readonly index: number;
  readonly taskPath: string;
  readonly channel: string;
  readonly format: string;
  readonly value: string;
}

/** Checkpoints of one completion, in Natter's database; purged with it. Writes reject once another worker has the completion. */
export interface CheckpointStore {
  /** The checkpoint of that id, or the newest of the namespace. */
  find(namespace: string, id?: string): Promise<Checkpoint | undefined>;
  /** Newest first; of all namespaces when none is named. */
  list(namespace?: string): Promise<Checkpoint[]>;
  /** By task path, task and index. */
  writesOf(namespace: string, checkpointId: string): Promise<CheckpointWrite[]>;
  /** Stores it together with all that was emitted so far: both or neither. May be repeated. */
  save(checkpoint: Checkpoint): Promise<void>;
  saveWrites(namespace: string, checkpointId: string, writes: readonly CheckpointWrite[]): Promise<void>;
}
