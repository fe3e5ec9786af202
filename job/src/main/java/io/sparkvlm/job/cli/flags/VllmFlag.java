package io.sparkvlm.job.cli.flags;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Says what a flag of vLLM is here: a row of {@code vllm-flags.tsv}.
 *
 * @param names the first is the one that messages name
 * @param example of its value; empty where the flag is a switch
 * @param here one word or two, as that file explains them
 * @param reason for it, or what the value means here
 */
public record VllmFlag(List<String> names, String example, String here, String reason) {
    public static final String NO_EFFECT = "no effect";
    public static final String REFUSED = "refused";
    private static final String ONLY = "only ";
    /** Before the name of an option of ours, or alone where it has the same name. */
    private static final List<String> IN_FORCE = List.of("same", "as ");

    public VllmFlag {
        names = List.copyOf(names);
        Objects.requireNonNull(example, "example");
        Objects.requireNonNull(reason, "reason");
        String found = here;
        if (!here.equals(NO_EFFECT)
                && !here.equals(REFUSED)
                && !here.startsWith(ONLY)
                && IN_FORCE.stream().noneMatch(found::startsWith)) {
            throw new IllegalArgumentException("expected what " + names + " is here, found \"" + here + "\"");
        }
    }

    /** Reads a row. */
    static VllmFlag of(String line) {
        String[] cells = line.split("\t", -1);
        return new VllmFlag(List.of(cells[0].split(" ")), cells[1], cells[2], cells[3]);
    }

    public String name() {
        return names.get(0);
    }

    /** Whether an option of ours does what it asks for. */
    public boolean isInForce() {
        return IN_FORCE.stream().anyMatch(here::startsWith);
    }

    public boolean isSwitch() {
        return example.isEmpty();
    }

    /** How many words follow it, in picocli's notation. */
    String arity() {
        if (isSwitch()) {
            return "0";
        }
        if (example.startsWith("[")) {
            return "0..1";
        }
        return example.contains(" ") ? "1..*" : "1";
    }

    /** The values that are what happens anyway; none where the flag does not depend on its value. */
    public List<String> onlyValues() {
        return here.startsWith(ONLY) ? List.of(here.substring(ONLY.length()).split(",")) : List.of();
    }

    /** Whether a value is what happens anyway. */
    boolean isOnly(String value) {
        return onlyValues().contains(value.strip().toLowerCase(Locale.ROOT));
    }

    /** The names that say the opposite of a switch, as vLLM forms them. */
    public List<String> opposites() {
        return isSwitch()
                ? names.stream()
                        .filter(name -> name.startsWith("--"))
                        .flatMap(name -> Arrays.asList(
                                "--no-" + name.substring(2),
                                name.startsWith("--enable-")
                                        ? name.replaceFirst("enable", "disable")
                                        : name.replaceFirst("^--disable-", "--enable-"))
                                .stream())
                        .filter(name -> !names.contains(name))
                        .toList()
                : List.of();
    }
}
