package io.sparkvlm.job.cli.flags;

import io.sparkvlm.job.options.HelpGroup;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Layout;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.OptionSpec;

/** Renders the options of a command's help in groups; those of a class without a group come first. */
public final class GroupedOptions implements IHelpSectionRenderer {
    @Override
    public String render(Help help) {
        return Stream.concat(
                        Stream.of(Optional.<HelpGroup>empty()),
                        Stream.of(HelpGroup.values()).map(Optional::of))
                .map(group -> section(help, group))
                .collect(Collectors.joining());
    }

    private static String section(Help help, Optional<HelpGroup> group) {
        List<OptionSpec> all = help.commandSpec().options().stream()
                .filter(option -> !option.hidden())
                .toList();
        List<OptionSpec> options =
                all.stream().filter(option -> groupOf(option).equals(group)).toList();
        if (options.isEmpty()) {
            return "";
        }
        // With the columns that all options need, so that those of the groups stand below each other.
        Layout layout = help.createDefaultLayout(all, List.of(), help.colorScheme());
        layout.addOptions(options, help.parameterLabelRenderer());
        return group.map(it -> String.format("%n%s:%n", it.heading())).orElse("") + layout;
    }

    private static Optional<HelpGroup> groupOf(OptionSpec option) {
        if (option.usageHelp() || option.versionHelp()) {
            return Optional.of(HelpGroup.HELP);
        }
        Class<?> declaredBy = ((Field) option.userObject()).getDeclaringClass();
        return Optional.ofNullable(declaredBy.getAnnotation(HelpGroup.Of.class)).map(HelpGroup.Of::value);
    }
}
