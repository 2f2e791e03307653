// Package jobs runs long work: whatever takes longer than a request may, or must outlive it.
//
// A piece of long work is two rows written in one transaction with the change that wants it: a task, which belongs to
// the tenant and shows progress (app.tasks), and a job of River, which makes a worker do it (schema river). The job's
// arguments carry the scope of whoever started it, and the worker enters by tenancy.In, so that row-level security
// holds for work as it does for requests. Arguments hold ids, never facts: the tables of River know no tenants.
//
// A task goes queued → running → succeeded, failed or cancelled. Work is done at least once, so it must be safe to do
// twice; its end is recorded once: the task's status and the completion of the job are one transaction, and only the
// newest attempt may write it. A worker that dies loses its lease (an advisory lock of its own connection), and any
// other worker then takes over its jobs. Jobs of a suspended tenant wait until the suspension ends.
package jobs
