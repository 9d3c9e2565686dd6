/** The completion belongs to another worker now, or has ended: this one stops and publishes nothing more. */
export class ClaimLost extends Error {
  override readonly name = "ClaimLost";
}

/** Why a run is told to stop. */
export type StopReason = "cancelled" | "handed-over" | "lost";

/** The reason of a run's AbortSignal. */
export class RunStopped extends Error {
  override readonly name = "RunStopped";
  readonly reason: StopReason;

  constructor(reason: StopReason) {
    super(`the run was stopped: ${reason}`);
    this.reason = reason;
  }
}

/** Throws unless a conditional write found the claim. */
export const requireClaim = (isHeld: boolean, what: string): void => {
  if (!isHeld) throw new ClaimLost(`${what}: another worker has the completion, or it has ended`);
};
