// Package typeset makes PDFs with Typst. Typst is a library for Node here, so that a pool of long-lived Node processes
// does the work: one process, one compiler, one document at a time, over stdin and stdout.
//
// A process knows only the templates it is sent: its workspace is an empty directory, data and images are shadow files,
// its environment is empty, and Node may read nothing but its modules, fonts and script. What hangs is killed, what has
// grown is replaced, what dies in the middle is tried once more. The same job gives the same bytes, also in a new process.
package typeset
