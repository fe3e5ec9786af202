package io.sparkvlm.it;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.Map.entry;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.sparkvlm.preprocessing.Preprocessor;
import io.sparkvlm.preprocessing.decode.task.ImageTask;
import io.sparkvlm.preprocessing.decode.task.ProbeTask;
import io.sparkvlm.preprocessing.decode.task.VideoTask;
import io.sparkvlm.preprocessing.image.EncodedImage;
import io.sparkvlm.preprocessing.image.ImageDecoder;
import io.sparkvlm.preprocessing.image.ImageInspector;
import io.sparkvlm.preprocessing.image.format.ImageFormat;
import io.sparkvlm.preprocessing.request.ValidRequest;
import io.sparkvlm.preprocessing.request.validation.RequestValidator;
import io.sparkvlm.preprocessing.video.EncodedVideo;
import io.sparkvlm.preprocessing.video.container.VideoInspector;
import io.sparkvlm.preprocessing.video.ffmpeg.VideoDecoder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The arrows between preprocessing's packages, as docs/architecture.md draws them, and what may be made by one class alone.
 * Circles of classes across packages are circles of packages, which {@link ArchitectureTest} forbids.
 */
@AnalyzeClasses(packagesOf = Preprocessor.class, importOptions = DoNotIncludeTests.class)
final class PreprocessingArchitectureTest {
    private static final String ROOT = Preprocessor.class.getPackageName();

    /** The packages that each package may import. The facade, which is not among them, may import all. */
    private static final Map<String, List<String>> ARROWS = Map.ofEntries(
            entry("media", List.of()),
            entry("openai", List.of()),
            entry("fetch", List.of("media", "openai")),
            entry("fetch.http", List.of("fetch", "media")),
            entry("image.format", List.of("media")),
            entry("image.bmp", List.of("image.format", "media")),
            entry("image.gif", List.of("image.format", "media")),
            entry("image.jpeg", List.of("image.format", "media")),
            entry("image.png", List.of("image.format", "media")),
            entry("image.webp", List.of("image.format", "media")),
            entry(
                    "image",
                    List.of(
                            "image.format",
                            "image.bmp",
                            "image.gif",
                            "image.jpeg",
                            "image.png",
                            "image.webp",
                            "media")),
            entry("video", List.of("media")),
            entry("video.container", List.of("video", "media")),
            entry("video.ffmpeg", List.of("video", "media")),
            entry("video.sample", List.of("video")),
            entry("vision", List.of("media")),
            entry("decode.task", List.of("image", "image.format", "video", "video.ffmpeg", "media")),
            entry("decode", List.of("decode.task", "media")),
            entry("request", List.of("openai", "vision", "video.sample", "media")),
            entry("request.validation", List.of("request", "openai", "vision", "video.sample", "media")),
            entry("prompt", List.of("request", "openai", "media")),
            entry("prepared", List.of("prompt", "request", "image", "video", "vision", "media")));

    @ArchTest
    static void packagesImportWhatTheArrowsSay(JavaClasses classes) {
        ARROWS.forEach((room, allowed) -> {
            String[] known = Stream.concat(Stream.of(room), allowed.stream())
                    .map(name -> ROOT + "." + name)
                    .toArray(String[]::new);
            classes()
                    .that()
                    .resideInAPackage(ROOT + "." + room)
                    .should()
                    .onlyDependOnClassesThat(resideOutsideOfPackage(ROOT + "..").or(resideInAnyPackage(known)))
                    .check(classes);
        });
    }

    @ArchTest
    static void everyPackageHasItsArrows(JavaClasses classes) {
        Set<String> found = classes.stream().map(JavaClass::getPackageName).collect(toCollection(TreeSet::new));
        found.remove(ROOT);

        assertThat(ARROWS.keySet()).extracting(room -> ROOT + "." + room).containsExactlyInAnyOrderElementsOf(found);
    }

    @ArchTest
    static final ArchRule onlyTheValidatorMakesAValidRequest =
            onlyIn(List.of(RequestValidator.class), constructorOf(ValidRequest.class));

    @ArchTest
    static final ArchRule onlyTheInspectorMakesAnEncodedImage =
            onlyIn(List.of(ImageInspector.class), constructorOf(EncodedImage.class));

    @ArchTest
    static final ArchRule onlyTheInspectorMakesAnEncodedVideo =
            onlyIn(List.of(VideoInspector.class), constructorOf(EncodedVideo.class));

    // A task is made of a checked file, or of what a task wrote to the child that decodes it.

    @ArchTest
    static final ArchRule imageTasksAreMadeOfCheckedFiles =
            onlyIn(List.of(ImageTask.class), constructorOf(ImageTask.class));

    @ArchTest
    static final ArchRule imageDecodersTakeCheckedFilesOnly =
            onlyIn(List.of(ImageTask.class), callTo(ImageDecoder.class, "decode"));

    @ArchTest
    static final ArchRule imageFormatsDecodeCheckedFilesOnly =
            onlyIn(List.of(ImageDecoder.class), callTo(ImageFormat.class, "decode"));

    @ArchTest
    static final ArchRule videoDecodersTakeCheckedFilesOnly =
            onlyIn(List.of(ProbeTask.class, VideoTask.class), callTo(VideoDecoder.class, "probe", "decode"));

    private static ArchRule onlyIn(List<Class<?>> places, DescribedPredicate<JavaAccess<?>> access) {
        return noClasses()
                .that(describe("are not " + places, type -> places.stream().noneMatch(place -> isOrIsIn(type, place))))
                .should()
                .accessTargetWhere(access);
    }

    private static boolean isOrIsIn(JavaClass type, Class<?> place) {
        return type.isEquivalentTo(place)
                || type.getEnclosingClass().filter(it -> isOrIsIn(it, place)).isPresent();
    }

    private static DescribedPredicate<JavaAccess<?>> constructorOf(Class<?> made) {
        return callTo(made, "<init>");
    }

    private static DescribedPredicate<JavaAccess<?>> callTo(Class<?> owner, String... names) {
        return describe(
                "the target is " + owner.getSimpleName() + " " + Arrays.toString(names),
                access -> access.getTargetOwner().isEquivalentTo(owner)
                        && List.of(names).contains(access.getTarget().getName()));
    }
}
