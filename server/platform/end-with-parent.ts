/**
 * Loaded before a process that main starts (node --import): when main is gone, even killed, the process ends too, so
 * that nothing is left holding a port. The channel to main closes by itself when main ends.
 */
process.on("disconnect", () => {
  process.kill(process.pid, "SIGTERM");
  setTimeout(() => process.exit(1), 5_000).unref();
});
// The channel alone must not keep a process alive that has nothing more to do.
process.channel?.unref();
