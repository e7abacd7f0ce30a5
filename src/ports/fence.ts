/**
 * Stands between a piece of work and the outside: throws a PortFailure (retryable, never in doubt) when the work is no longer ours,
 * e.g. because this process stood still while another took it over. Adapters call it as late as they can: synchronously before the
 * one request that must not be made twice is handed to the network, before each repetition of it too, and let the failure through
 * as it is.
 */
export type Fence = () => void;
