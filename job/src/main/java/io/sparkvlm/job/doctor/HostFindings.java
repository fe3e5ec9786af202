package io.sparkvlm.job.doctor;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Joins the findings of another machine to one, for a line each. */
public final class HostFindings {
    private HostFindings() {}

    /** The worst of them, with what is not well and what to do about it. */
    public static Finding inOne(String host, List<Finding> findings) {
        List<Finding> notWell = findings.stream()
                .filter(finding -> finding.level() != Finding.Level.OK)
                .sorted(Comparator.comparing(Finding::level).reversed())
                .toList();
        if (notWell.isEmpty()) {
            return Finding.ok(host + ": all " + findings.size() + " findings are well");
        }
        return new Finding(
                notWell.get(0).level(),
                host + ": "
                        + joined(notWell.stream()
                                .map(finding -> finding.level().word() + ": " + finding.what())
                                .toList()),
                joined(notWell.stream().map(Finding::todo).toList()));
    }

    private static String joined(List<String> texts) {
        return texts.stream().distinct().collect(Collectors.joining("; "));
    }
}
