/**
 * What a machine has of what the job needs: the machine, the class path and a checkpoint go in. Findings, each with what
 * to do about it, come out. Start reading at {@link io.sparkvlm.job.doctor.Finding} and {@link
 * io.sparkvlm.job.doctor.MachineChecks}.
 */
package io.sparkvlm.job.doctor;
