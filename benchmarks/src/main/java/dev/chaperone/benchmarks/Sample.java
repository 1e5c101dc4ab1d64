package dev.chaperone.benchmarks;

/**
 * One measurement.
 *
 * @param perSecond transactions a second; with their connections where each has its own
 * @param medianMicros the middle transaction's duration as the client sees it
 * @param wayCpuMicros processor time of the program in between, a transaction; connecting included
 * @param allCpuMicros processor time of clients, program and server, a transaction
 * @param residentBytes what the program in between has in memory at the end
 */
record Sample(
    double perSecond,
    double medianMicros,
    double wayCpuMicros,
    double allCpuMicros,
    long residentBytes) {}
