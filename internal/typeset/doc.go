// Package typeset makes PDFs with Typst. Typst is a library for Node here, so that a pool of long-lived Node processes
// does the work: one process, one compiler, one document at a time, over stdin and stdout.
//
// Templates are our own code; data never become code. A process knows only what it is sent: its workspace is an empty
// directory, templates, data and images are shadow files of it, its environment names nothing of ours, Node may read
// nothing but its modules, and where the system allows it has no network. What hangs is killed, what has grown is
// replaced, what dies in the middle is tried once more. The same job gives the same bytes, also in a new process and
// beside other fonts installed on the machine.
//
// Typst only warns of an unknown font, and then leaves the text out without a word; here every warning is a refusal.
package typeset
