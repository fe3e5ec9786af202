package io.sparkvlm.preprocessing.prepared;

import io.sparkvlm.api.PatchGrid;
import io.sparkvlm.api.Sha256;
import io.sparkvlm.preprocessing.image.EncodedImage;
import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.video.EncodedVideo;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * One image or video with its plan, in one of three states: image files or a video file that were checked and keep their
 * headers, or pictures that were resized, which alone can lie in a table.
 */
public sealed interface PreparedMedia {
    MediaPlan plan();

    /** What the files are. */
    MediaForm form();

    /** One for an image or a video file, one for each frame of a list; none when they could not be decoded. */
    List<PreparedFile> files();

    /** Applies the function that fits. */
    <R> R fold(
            Function<CheckedImages, R> onImages,
            Function<CheckedVideo, R> onVideo,
            Function<ResizedPictures, R> onResized);

    default MediaKind kind() {
        return plan().kind();
    }

    default String ref() {
        return plan().ref();
    }

    default String sha256() {
        return plan().sha256();
    }

    default int width() {
        return plan().width();
    }

    default int height() {
        return plan().height();
    }

    default int resizedWidth() {
        return plan().resized().width();
    }

    default int resizedHeight() {
        return plan().resized().height();
    }

    default PatchGrid grid() {
        return plan().grid();
    }

    default List<Integer> frames() {
        return plan().frames();
    }

    /**
     * A hash that media with equal patches share: the file's bytes, which of its frames are seen and how large they are
     * made decide every pixel, and cost less to hash than the pixels.
     */
    default String contentHash() {
        return Sha256.hex(sha256() + "/" + frames() + "/" + grid().t() + "x" + grid().h() + "x" + grid().w());
    }

    /** This medium where it could not be decoded: what it was said to be stays. */
    default PreparedMedia withoutPictures(MediaForm form) {
        return new ResizedPictures(plan(), form, List.of());
    }

    /** Image files that were checked: an image, or the frames of a video. */
    record CheckedImages(MediaPlan plan, List<CheckedImage> images) implements PreparedMedia {
        public CheckedImages {
            Objects.requireNonNull(plan, "plan");
            images = List.copyOf(images);
        }

        @Override
        public MediaForm form() {
            return MediaForm.IMAGES;
        }

        @Override
        public List<PreparedFile> files() {
            return images.stream()
                    .map(it -> new PreparedFile(it.image().bytes(), it.image().ref(), it.param()))
                    .toList();
        }

        @Override
        public <R> R fold(
                Function<CheckedImages, R> onImages,
                Function<CheckedVideo, R> onVideo,
                Function<ResizedPictures, R> onResized) {
            return onImages.apply(this);
        }
    }

    /**
     * One checked file of a medium.
     *
     * @param param the path of the request's field that pointed at it, for the rejection if it cannot be decoded
     */
    record CheckedImage(EncodedImage image, String param) {
        public CheckedImage {
            Objects.requireNonNull(image, "image");
            Objects.requireNonNull(param, "param");
        }
    }

    /**
     * A video file that was checked and whose frames were counted.
     *
     * @param param the path of the request's field that pointed at it, for the rejection if it cannot be decoded
     */
    record CheckedVideo(MediaPlan plan, EncodedVideo video, String param) implements PreparedMedia {
        public CheckedVideo {
            Objects.requireNonNull(plan, "plan");
            Objects.requireNonNull(video, "video");
            Objects.requireNonNull(param, "param");
        }

        @Override
        public MediaForm form() {
            return MediaForm.VIDEO_FILE;
        }

        @Override
        public List<PreparedFile> files() {
            return List.of(new PreparedFile(video.bytes(), video.ref(), param));
        }

        @Override
        public <R> R fold(
                Function<CheckedImages, R> onImages,
                Function<CheckedVideo, R> onVideo,
                Function<ResizedPictures, R> onResized) {
            return onVideo.apply(this);
        }
    }

    /** Pictures that were decoded and resized. */
    record ResizedPictures(MediaPlan plan, MediaForm form, List<PreparedFile> files) implements PreparedMedia {
        public ResizedPictures {
            Objects.requireNonNull(plan, "plan");
            if (!form.isResized()) {
                throw new IllegalArgumentException("expected a form of resized pictures, found " + form);
            }
            files = List.copyOf(files);
        }

        @Override
        public <R> R fold(
                Function<CheckedImages, R> onImages,
                Function<CheckedVideo, R> onVideo,
                Function<ResizedPictures, R> onResized) {
            return onResized.apply(this);
        }
    }

    /**
     * A file of the medium's form.
     *
     * @param bytes not copied, and not to be changed
     * @param ref where it came from as the output may say it
     * @param param the path of the request's field that pointed at it, for the rejection if it cannot be decoded
     */
    record PreparedFile(byte[] bytes, String ref, String param) {
        public PreparedFile {
            Objects.requireNonNull(bytes, "bytes");
            Objects.requireNonNull(ref, "ref");
            Objects.requireNonNull(param, "param");
        }
    }
}
